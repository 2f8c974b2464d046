/**
 * How loaded one service is: the {@linkplain dev.servicepool.load.LoadMetric metrics}
 * that the balancer compares.
 */
@NullMarked
package dev.servicepool.load;

import org.jspecify.annotations.NullMarked;
