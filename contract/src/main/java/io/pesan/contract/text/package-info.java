/** How text of others is shown to people. */
package io.pesan.contract.text;
