package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Tells the failures of a connection or a server from those of the caller: an interceptor
 * that throws, a request that cannot be written, a thread that is interrupted.
 */
final class ServiceFailure {

	private ServiceFailure() {
	}

	static boolean is(Throwable failure) {
		return failure instanceof IOException && !(failure instanceof ClosedByInterruptException)
				&& !(failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException));
	}

}
