/**
 * Two minutes that show a pool at work: an ordinary client of a server that takes ten
 * requests at a time on a connection, a pool of such clients, and a way to put load on
 * it.
 */
@NullMarked
package dev.servicepool.sample;

import org.jspecify.annotations.NullMarked;
