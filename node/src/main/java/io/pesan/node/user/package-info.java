/** {@code pesan user}: administration of accounts from the command line, through a node's management endpoint. */
package io.pesan.node.user;
