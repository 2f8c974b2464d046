/**
 * Quote servers. They represent servers that other teams run: the rest of the sample uses
 * only their addresses and a switch that slows one of them down.
 */
@NullMarked
package dev.servicepool.sample.upstream;

import org.jspecify.annotations.NullMarked;
