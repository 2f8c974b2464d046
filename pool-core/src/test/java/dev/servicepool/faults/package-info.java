/**
 * The real pool in virtual time, with backends that fail: what that costs its callers,
 * beside a client that takes one backend after the other.
 */
package dev.servicepool.faults;
