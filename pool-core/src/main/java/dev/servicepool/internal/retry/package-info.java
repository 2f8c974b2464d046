/**
 * Limits of second attempts. Internal: knows nothing of a member or a pool, and may
 * change at any time.
 */
@NullMarked
package dev.servicepool.internal.retry;

import org.jspecify.annotations.NullMarked;
