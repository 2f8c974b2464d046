package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;

import dev.servicepool.Lease;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * A lease on its way from the interceptor that took it, through the interceptors after
 * it, to the request factory that sends by its service. It travels in the attributes of
 * the request.
 */
final class HeldLease {

	private static final String ATTRIBUTE = HeldLease.class.getName();

	private final Lease<HttpCall, ClientHttpResponse> lease;

	/** Used by the thread of the request only. */
	private boolean routed;

	HeldLease(Lease<HttpCall, ClientHttpResponse> lease) {
		this.lease = lease;
	}

	void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
	}

	static @Nullable HeldLease takeFrom(Map<String, Object> attributes) {
		return (HeldLease) attributes.remove(ATTRIBUTE);
	}

	/**
	 * Send a request by the leased service.
	 */
	ClientHttpResponse send(HttpCall call) throws IOException {
		this.routed = true;
		try {
			return this.lease.service().call(call);
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (InterruptedException ex) {
			throw interrupted("Interrupted while sending a request", ex);
		}
		catch (Exception ex) {
			throw new IOException("The service of target '" + this.lease.target().name() + "' failed", ex);
		}
	}

	/**
	 * Whether the request has reached the leased service.
	 */
	boolean routed() {
		return this.routed;
	}

	/**
	 * Turn an interruption into what a request may fail with, and restore the interrupt
	 * flag.
	 */
	static InterruptedIOException interrupted(String message, InterruptedException cause) {
		Thread.currentThread().interrupt();
		InterruptedIOException exception = new InterruptedIOException(message);
		exception.initCause(cause);
		return exception;
	}

}
