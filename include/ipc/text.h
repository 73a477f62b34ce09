/* Text to show. */
#ifndef IPC_TEXT_H
#define IPC_TEXT_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Bytes that one byte may grow to in ipc_vis().
#define IPC_VIS_GROWTH 4

/// Makes bytes fit to be shown: control characters except newline and tab, and bytes that are not UTF-8, take vis(3)'s
/// form
/// (\^[ for escape, \134 for a backslash); all else stays, so unvis(3) gives the bytes back. Returns the text's length;
/// no NUL is added. Errors: ENOSPC; IPC_VIS_GROWTH times `length` is always enough.
ssize_t ipc_vis(const void *bytes, size_t length, char *text, size_t size);

/// What the message service prints: "Here is the message: ", the message as ipc_vis() shows it, and a newline. Returns
/// the text's length. Errors: ENOSPC.
ssize_t ipc_message_text(const void *message, size_t length, char *text, size_t size);

IPC_DECLARATIONS_END

#endif
