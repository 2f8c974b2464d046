package dev.servicepool.internal.util;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.VarHandle;

/**
 * Atomic access to private fields, which saves the object that an atomic variable is.
 */
public final class Fields {

	private Fields() {
	}

	/**
	 * Return the handle of a field of the class that looks it up.
	 * @throws ExceptionInInitializerError if there is no such field
	 */
	public static VarHandle handle(Lookup lookup, String field, Class<?> type) {
		try {
			return lookup.findVarHandle(lookup.lookupClass(), field, type);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

}
