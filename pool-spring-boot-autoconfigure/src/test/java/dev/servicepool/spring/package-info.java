/**
 * What the tests share.
 */
@NullMarked
package dev.servicepool.spring;

import org.jspecify.annotations.NullMarked;
