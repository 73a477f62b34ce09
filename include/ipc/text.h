/* Text: received bytes, made safe for a terminal. */
#ifndef IPC_TEXT_H
#define IPC_TEXT_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Maximum bytes that ipc_vis() writes for one byte.
#define IPC_VIS_GROWTH 4

/// Encodes bytes in vis(3)'s form: control characters except newline and tab, bytes that are not UTF-8, such as \^[ for
/// escape, and characters that change the direction of the text; a backslash becomes \134. All other bytes stay, and
/// unvis(3) restores the original. Returns the length; no NUL is added. Errors: ENOSPC; IPC_VIS_GROWTH times `length`
/// bytes are always enough.
ssize_t ipc_vis(const void *bytes, size_t length, char *text, size_t size);

/// Writes what the message service prints: "Here is the message: ", the message as ipc_vis() encodes it, and a newline.
/// Returns the length. Errors: ENOSPC.
ssize_t ipc_message_text(const void *message, size_t length, char *text, size_t size);

IPC_DECLARATIONS_END

#endif
