/**
 * Auto-configuration of a pool for each {@link dev.servicepool.ServiceFactory} bean, with
 * the settings of {@code pool.*}, and support for RestClient, Actuator, and Micrometer.
 */
@NullMarked
package dev.servicepool.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
