/**
 * The servers of quotes. They stand for servers that others run, and what uses them knows
 * their addresses only, but for a switch that makes one slow.
 */
@NullMarked
package dev.servicepool.sample.upstream;

import org.jspecify.annotations.NullMarked;
