/**
 * Tests of the language of the whole project: documentation, comments, messages, and
 * names.
 */
@NullMarked
package dev.servicepool.spring.language;

import org.jspecify.annotations.NullMarked;
