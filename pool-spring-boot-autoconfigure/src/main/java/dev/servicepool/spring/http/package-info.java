/**
 * HTTP requests over a pool: an interceptor that takes a lease for each request, and a
 * request factory at the end of the chain that sends the request by the leased service.
 */
@NullMarked
package dev.servicepool.spring.http;

import org.jspecify.annotations.NullMarked;
