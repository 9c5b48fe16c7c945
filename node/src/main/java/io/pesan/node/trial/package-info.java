/** Several nodes on one machine, each a process of its own, to try the real thing: what {@code pesan cluster} runs. */
package io.pesan.node.trial;
