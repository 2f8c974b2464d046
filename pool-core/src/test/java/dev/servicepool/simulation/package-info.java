/**
 * Simulations of the real pool in virtual time, without threads and with reproducible
 * outcomes. They show the size of the pool and the waits of its callers for many traffic
 * patterns.
 */
package dev.servicepool.simulation;
