package io.pesan.bench;

/**
 * How a run loads the server.
 *
 * @param connections how many at once
 * @param depth requests under way on each, at most
 * @param rate requests a second of the whole run (open loop); 0: as many as the server answers (closed loop)
 */
record Shape(int connections, int depth, double rate) {}
