/**
 * HTTP requests through a pool: an interceptor acquires a lease for each request, and a
 * request factory at the end of the chain sends the request through the leased service.
 */
@NullMarked
package dev.servicepool.spring.http;

import org.jspecify.annotations.NullMarked;
