package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Distinguishes failures of a connection or a server from failures of the caller. The
 * caller fails if an interceptor throws an exception, if the request cannot be written,
 * or if the thread is interrupted.
 */
final class ServiceFailure {

	private ServiceFailure() {
	}

	static boolean is(Throwable failure) {
		return failure instanceof IOException && !(failure instanceof ClosedByInterruptException)
				&& !(failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException));
	}

}
