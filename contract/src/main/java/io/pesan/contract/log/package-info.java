/** What all that write lines of the log agree on. */
package io.pesan.contract.log;
