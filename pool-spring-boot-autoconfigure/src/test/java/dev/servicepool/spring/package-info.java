/**
 * Classes that several tests use.
 */
@NullMarked
package dev.servicepool.spring;

import org.jspecify.annotations.NullMarked;
