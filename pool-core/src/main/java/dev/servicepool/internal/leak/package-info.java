/**
 * Active leases of one service. Internal: knows nothing of a member or a pool, and may
 * change at any time.
 */
@NullMarked
package dev.servicepool.internal.leak;

import org.jspecify.annotations.NullMarked;
