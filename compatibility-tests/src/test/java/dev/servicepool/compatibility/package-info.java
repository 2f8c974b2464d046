/**
 * Tests beside libraries that would change what the other tests see by being there.
 */
@NullMarked
package dev.servicepool.compatibility;

import org.jspecify.annotations.NullMarked;
