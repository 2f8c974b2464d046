/**
 * Events of a pool, and their delivery to listeners. Internal: knows nothing of a member
 * or a pool, and may change at any time.
 */
@NullMarked
package dev.servicepool.internal.event;

import org.jspecify.annotations.NullMarked;
