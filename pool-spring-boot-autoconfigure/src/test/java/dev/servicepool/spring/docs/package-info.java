/**
 * Tests that the documentation is correct, and the Java code that it shows.
 */
@NullMarked
package dev.servicepool.spring.docs;

import org.jspecify.annotations.NullMarked;
