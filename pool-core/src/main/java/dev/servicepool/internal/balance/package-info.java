/**
 * Choosing one of several services. Internal: knows nothing of the rest of the pool and
 * may change at any time.
 */
@NullMarked
package dev.servicepool.internal.balance;

import org.jspecify.annotations.NullMarked;
