/**
 * Two minutes that show a pool at work: a server that needs 50 ms for each answer, a pool
 * of clients that each take ten requests at a time, and a way to put load on it.
 */
@NullMarked
package dev.servicepool.sample;

import org.jspecify.annotations.NullMarked;
