package io.pesan.bench;

import java.io.PrintWriter;

/** Shows results as they come. */
interface Report {
    void show(Result result, PrintWriter out);
}
