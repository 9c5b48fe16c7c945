/**
 * Configuration: the table of keys ({@link io.pesan.node.config.ConfigKeys}), where values come from, and the records
 * that the verticles are given. Nothing outside this package reads a configuration file or the environment.
 */
package io.pesan.node.config;
