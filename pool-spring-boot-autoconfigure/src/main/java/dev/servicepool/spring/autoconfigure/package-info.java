/**
 * Auto-configuration: a pool for each {@link dev.servicepool.ServiceFactory} bean, with
 * the settings of {@code pool.*}, and its place in RestClient, actuator and Micrometer.
 */
@NullMarked
package dev.servicepool.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
