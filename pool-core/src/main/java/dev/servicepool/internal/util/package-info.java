/**
 * Text, time and logging helpers of the engine. Internal: knows nothing of a member or a
 * pool, and may change at any time.
 */
@NullMarked
package dev.servicepool.internal.util;

import org.jspecify.annotations.NullMarked;
