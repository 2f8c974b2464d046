/**
 * Tests with libraries that would affect the other tests if they were on their class
 * path.
 */
@NullMarked
package dev.servicepool.compatibility;

import org.jspecify.annotations.NullMarked;
