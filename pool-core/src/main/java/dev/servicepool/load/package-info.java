/**
 * {@linkplain dev.servicepool.load.LoadMetric Metrics} that measure the load of a
 * service.
 */
@NullMarked
package dev.servicepool.load;

import org.jspecify.annotations.NullMarked;
