/**
 * Permits of one service, their limit, and the samples derived from them. Internal: knows
 * nothing of a member or a pool, and may change at any time.
 */
@NullMarked
package dev.servicepool.internal.permit;

import org.jspecify.annotations.NullMarked;
