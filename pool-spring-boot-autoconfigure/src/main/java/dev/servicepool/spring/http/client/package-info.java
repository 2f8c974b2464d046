/**
 * HTTP clients of services: one adapter for each library contains everything that pools
 * know about its clients.
 */
@NullMarked
package dev.servicepool.spring.http.client;

import org.jspecify.annotations.NullMarked;
