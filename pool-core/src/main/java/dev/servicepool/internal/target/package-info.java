/**
 * Targets of a pool, and the backoff of one target. Internal: knows nothing of a member
 * or a pool, and may change at any time.
 */
@NullMarked
package dev.servicepool.internal.target;

import org.jspecify.annotations.NullMarked;
