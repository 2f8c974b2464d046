/**
 * Simulations of the real pool in virtual time with backends that fail. They compare the
 * effect on callers with that of a client that uses round robin.
 */
package dev.servicepool.faults;
