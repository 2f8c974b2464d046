/**
 * Selection of one of several services. Internal: does not depend on the rest of the
 * pool, and may change at any time.
 */
@NullMarked
package dev.servicepool.internal.balance;

import org.jspecify.annotations.NullMarked;
