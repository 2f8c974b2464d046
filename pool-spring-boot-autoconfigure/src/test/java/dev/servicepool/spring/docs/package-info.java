/**
 * Tests that the documentation says what is so. The Java code that it shows is here.
 */
@NullMarked
package dev.servicepool.spring.docs;

import org.jspecify.annotations.NullMarked;
