/**
 * The server of quotes. It stands for one that others run, and what uses it knows its
 * address only.
 */
@NullMarked
package dev.servicepool.sample.upstream;

import org.jspecify.annotations.NullMarked;
