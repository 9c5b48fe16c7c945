/**
 * The node: the only place where the parts are put together. {@link io.pesan.node.PesanMain} reads the command line,
 * {@link io.pesan.node.PesanNode} starts and stops what the configuration asks for.
 */
package io.pesan.node;
