/**
 * Sample application: a pool of HTTP clients, quote servers that accept ten concurrent
 * requests per connection, a pool of forecast models, a load generator, and a live page.
 */
@NullMarked
package dev.servicepool.sample;

import org.jspecify.annotations.NullMarked;
