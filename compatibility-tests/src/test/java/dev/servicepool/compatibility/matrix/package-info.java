/**
 * Pooled and plain clients with servers of all kinds.
 */
@NullMarked
package dev.servicepool.compatibility.matrix;

import org.jspecify.annotations.NullMarked;
