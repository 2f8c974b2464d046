/**
 * Tests with faults of networks, servers, and clients. A plain client meets the same
 * faults in the same run, so that each test shows what the pool adds.
 */
@NullMarked
package dev.servicepool.spring.faults;

import org.jspecify.annotations.NullMarked;
