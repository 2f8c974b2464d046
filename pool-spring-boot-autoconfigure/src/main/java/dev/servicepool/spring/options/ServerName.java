package dev.servicepool.spring.options;

/**
 * Host by which clients address the server of a target that is an IP address.
 */
public enum ServerName {

	/** The host of the pool's address. */
	URL,

	/** The IP address of the target. */
	TARGET

}
