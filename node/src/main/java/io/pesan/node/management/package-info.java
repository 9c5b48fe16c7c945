/** The management endpoint: health for machines, administration of accounts for people. HTTP on a port of its own. */
package io.pesan.node.management;
