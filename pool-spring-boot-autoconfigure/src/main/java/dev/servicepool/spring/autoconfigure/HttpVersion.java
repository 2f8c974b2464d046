package dev.servicepool.spring.autoconfigure;

/**
 * The versions of HTTP that can be asked for by a property.
 */
public enum HttpVersion {

	/** HTTP/1.1: one request at a time on a connection, as many connections as needed. */
	HTTP_1_1,

	/** HTTP/2 where the server speaks it, else HTTP/1.1. */
	HTTP_2

}
