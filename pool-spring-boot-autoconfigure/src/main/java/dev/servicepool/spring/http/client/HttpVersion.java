package dev.servicepool.spring.http.client;

/**
 * HTTP versions that a property can select.
 */
public enum HttpVersion {

	/** HTTP/1.1, with one connection for each concurrent request. */
	HTTP_1_1,

	/** HTTP/2 if the server supports it, otherwise HTTP/1.1. */
	HTTP_2

}
