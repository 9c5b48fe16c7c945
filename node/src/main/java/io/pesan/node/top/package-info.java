/** {@code pesan top}: a look at running nodes from a terminal, through their metrics alone. */
package io.pesan.node.top;
