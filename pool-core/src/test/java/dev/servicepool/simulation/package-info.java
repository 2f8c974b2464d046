/**
 * The real pool in virtual time: no threads, no waiting, the same outcome at every run.
 * Traffic of many shapes shows what size the pool finds and what that costs its callers.
 */
package dev.servicepool.simulation;
